/** Who may log in, and what they may do. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.1.0")
package org.qrm.api.user;
