/** What every noun shares: problems that users can act on, and pages of lists. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.qrm.api;
