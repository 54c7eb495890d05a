/** Work: durable, ordered, with steps, progress, deadlines and an end. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.1.0")
package org.qrm.api.operation;
