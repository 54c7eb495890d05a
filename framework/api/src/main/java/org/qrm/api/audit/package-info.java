/** Who changed what, when, from where, and with what result. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.0.0")
package org.qrm.api.audit;
