/**
 * What every noun shares: problems that users can act on, and pages of lists.
 *
 * <p><strong>The API of 0.1 is provisional: 0.2.0 may break it. From 0.2.0 on it is promised</strong>: a plug-in that was compiled
 * against a release runs on each later one, as long as the first number of its packages' versions is the same.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.1.0")
package org.qrm.api;
