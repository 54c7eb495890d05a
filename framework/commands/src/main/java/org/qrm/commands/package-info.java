/** What can be asked of the server, described once for all its faces: REST, the Karaf console, the command line. */
@Export
@Version("1.0.0")
package org.qrm.commands;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
