/** Plug-ins: identity, life cycle, configuration wizard. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.qrm.api.plugin;
