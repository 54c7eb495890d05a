/** Boot images (kernel, initrd, hypervisor) and filesystem images (a root file system on a storage server). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.1.0")
package org.qrm.api.image;
