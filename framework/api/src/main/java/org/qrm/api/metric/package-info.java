/** What the server and its plug-ins count and measure of themselves, for {@code /metrics}. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.qrm.api.metric;
