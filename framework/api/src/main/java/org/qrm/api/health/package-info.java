/** Health checks, which readiness and the console show. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.qrm.api.health;
