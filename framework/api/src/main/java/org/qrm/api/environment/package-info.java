/** Virtual environments: what is to run, where it may run, and what it needs. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.2.0")
package org.qrm.api.environment;
