/** Partitions: virtual machines on a host that are resources like any other. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.qrm.api.partition;
