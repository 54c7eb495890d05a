/** Verbs that do more than to ask the server once, the same at the command line and at the Karaf console. */
package org.qrm.commands.line.noun;
