/** What booting and running machines ask of the server; the transport is not part of it. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.2.0")
package org.qrm.api.node;
