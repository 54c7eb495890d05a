/** The commands by their nouns, and what they answer. */
@Export
@Version("1.0.0")
package org.qrm.commands.noun;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
