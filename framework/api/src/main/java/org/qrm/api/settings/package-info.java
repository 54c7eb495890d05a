/** What plug-ins must know of a machine or another object of the server, and what was answered. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.2.0")
package org.qrm.api.settings;
