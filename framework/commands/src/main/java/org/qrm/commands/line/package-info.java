/** What people type, for every face with lines: verbs, their options, and how answers are shown. */
@Export
@Version("1.0.0")
package org.qrm.commands.line;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
