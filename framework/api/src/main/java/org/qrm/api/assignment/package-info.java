/** The binding of a resource to a virtual environment, and the hooks of plug-ins on it. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.qrm.api.assignment;
