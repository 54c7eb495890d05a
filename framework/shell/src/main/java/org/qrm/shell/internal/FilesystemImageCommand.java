package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.qrm.api.image.FilesystemImages;

/** A command about one filesystem image. */
public abstract class FilesystemImageCommand extends WorkCommand {

    @Reference(optional = true)
    FilesystemImages filesystemImages;

    @Argument(index = 0, name = "name", description = "Name of the filesystem image.", required = true)
    @Completion(FilesystemImageCompleter.class)
    String name;
}
