/** Commands that plug-ins bring: described as data, and offered by every face of the server. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.qrm.api.command;
