package org.qrm.api.plugin;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;

/**
 * The jar files in the folder {@code deploy} of {@code QRM_DATA}, each a bundle that brings plug-ins. The folder is the
 * truth: what somebody puts there by hand counts as much as what is added here. Each server has a folder of its own, also
 * where several share a database.
 */
@ProviderType
public interface PluginFiles {

    /** The most that a file may have, in bytes: 64 MiB. */
    long MOST_BYTES = 64L * 1024 * 1024;

    /** In the order of their names. */
    List<PluginFile> list();

    /** @return empty also for what can be no name of a file */
    Optional<PluginFile> find(String name);

    /**
     * Puts a file into the folder, or replaces the one of that name, and waits up to 20 s until its bundle is at work. No
     * other bundle is restarted. When it does not come to work, the file is taken out again, and one that it replaced is put
     * back. A file that is there already with the same content and at work is left alone. The stream is read to its
     * end, not closed. Where the folder {@code trusted} of {@code QRM_DATA} has certificates, each entry must be signed by one of
     * their keys; where it has none, only {@link #add(String, InputStream, String, Expected)} with a digest takes a file.
     *
     * @param name 1 to 100 letters, digits, {@code . _ -}, ending in {@code .jar}
     * @throws org.qrm.api.QrmException INVALID for another name, and for what is no bundle; TOO_LARGE beyond
     *     {@link #MOST_BYTES}; CONFLICT when its bundle is there from elsewhere, when a file of that name has another bundle,
     *     when other bundles use packages of the one to replace, or when another file has kept the folder busy for a minute;
     *     REFUSED with the reason for who did not sign it, with the framework's reason when it requires what is not there, does not start, or no longer brings a
     *     plug-in that is registered; FORBIDDEN where no files are taken; FAILED when it cannot be stored
     */
    default PluginFile add(String name, InputStream content) {
        return add(name, content, Expected.any());
    }

    /** The same, while it is still as expected. */
    default PluginFile add(String name, InputStream content, Expected<PluginFile> expected) {
        return add(name, content, null, expected);
    }

    /**
     * The same, if it is the file that was meant.
     *
     * @param sha256 its digest, 64 hexadecimal digits; null for a file that came with the server, or is signed by one who is trusted
     * @throws org.qrm.api.QrmException INVALID also for another digest, and for none where it is needed
     */
    PluginFile add(String name, InputStream content, String sha256, Expected<PluginFile> expected);

    /**
     * Removes a file, and waits up to 20 s until its bundle is gone. What a plug-in has made is not touched: a plug-in whose
     * bundle does not start is not known to be in the file, and needs it back to be uninstalled.
     *
     * @throws org.qrm.api.QrmException NOT_FOUND; CONFLICT while one of its plug-ins is registered or further, or while other
     *     bundles use its packages; TIMEOUT when the file is gone and its bundle is not; FAILED when the file cannot be removed
     */
    default void remove(String name) {
        remove(name, Expected.any());
    }

    /** The same, while it is still as expected. */
    void remove(String name, Expected<PluginFile> expected);
}
