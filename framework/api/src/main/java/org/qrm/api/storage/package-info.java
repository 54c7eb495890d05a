/** Storage servers, and the storage types that plug-ins add. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.1.0")
package org.qrm.api.storage;
