/** Commands on machines (qrm-execd) and on storage servers and source systems (SSH). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.qrm.api.exec;
