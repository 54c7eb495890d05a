/** Parts that a plug-in adds to the web console. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.qrm.api.console;
