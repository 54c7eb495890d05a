/** Who outside of the server is told of events. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.qrm.api.subscription;
