/** Boot images (kernel, initrd, hypervisor) and filesystem images (a root file system on a storage server). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.0.0")
package org.qrm.api.image;
