/** Power control of machines, as plug-ins provide it. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.4.0")
package org.qrm.api.power;
