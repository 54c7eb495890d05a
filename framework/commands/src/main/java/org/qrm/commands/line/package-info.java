/**
 * What people type, for every face with lines: verbs, their options, and how answers are shown. The command line has these
 * classes in its own jar; so it is bnd.bnd that exports them from here, and no annotation, which would go along.
 */
package org.qrm.commands.line;
