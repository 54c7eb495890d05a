/** Work: durable, ordered, with steps, progress, deadlines and an end. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.0.0")
package org.qrm.api.operation;
