/** Resources: the machines that can run one virtual environment each. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.3.0")
package org.qrm.api.resource;
