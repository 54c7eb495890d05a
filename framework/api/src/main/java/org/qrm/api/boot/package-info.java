/** What a machine boots, as data; and packages that a plug-in brings to it while it boots. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.qrm.api.boot;
