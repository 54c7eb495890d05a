package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;

/** A command about one boot image. */
public abstract class BootImageCommand extends ShowingCommand {

    @Reference(optional = true)
    BootImages bootImages;

    @Argument(index = 0, name = "name", description = "Name of the boot image.", required = true)
    @Completion(BootImageCompleter.class)
    String name;

    final void tell(BootImage image, String sentence) {
        if (json()) {
            item(View.of(image));
        }
        say(sentence);
    }
}
