package org.qrm.plugin.nfs.internal;

import java.util.Map;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * What new images are, from {@code etc/org.qrm.plugin.nfs.cfg}. Looked at when it is needed, so that whoever mistypes a word is
 * told so.
 */
final class ImageSettings {

    private static final String FILE = "etc/org.qrm.plugin.nfs.cfg";
    private static final String SHARED = "sharedFileSystems";
    private static final String SIZE = "imageGib";
    private static final String VOLUMES = "imageVolumes";

    /** Of volume groups and volumes; lvm(8), VALID NAMES. */
    private static final String LVM = "(?!\\.{1,2}(/|$))[a-zA-Z0-9+_.][a-zA-Z0-9+_.-]{0,126}";

    /** Of parts of the path of a dataset; zfs(8), ZFS File System Hierarchy. */
    private static final String ZFS = "[a-zA-Z0-9][a-zA-Z0-9_.:-]{0,59}";

    private static final Pattern KINDS =
            Pattern.compile("file|lvm:" + LVM + "(/" + LVM + ")?|zfs:(?=[a-zA-Z])" + ZFS + "(/" + ZFS + "){0,2}");

    private final Map<String, Object> configuration;

    ImageSettings(Map<String, Object> configuration) {
        this.configuration = configuration;
    }

    /**
     * As the script takes them: whether images that share a file system are refused or allowed, the size, and what they are in.
     *
     * @param server the name of the storage server
     */
    String[] words(String server) {
        return new String[] {sharing(), gib(), volumes(server)};
    }

    private String sharing() {
        return switch (text(SHARED, "refuse")) {
            case "allow" -> "allowed";
            case "refuse" -> "refused";
            default -> throw wrong(SHARED, "Write allow or refuse.");
        };
    }

    /** How large the file system of an image becomes, unless its content needs more; 1 to 65536 GiB. */
    String gib() {
        String text = text(SIZE, "20");
        if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65536) {
            throw wrong(SIZE, "Write a number of 1 to 65536.");
        }
        return text;
    }

    /**
     * What file systems of images are made in: {@code file}, {@code lvm:GROUP}, {@code lvm:GROUP/POOL} of a thin pool, or
     * {@code zfs:DATASET}, the one that they are made below.
     *
     * @param server the name of the storage server, which may have a setting of its own
     */
    String volumes(String server) {
        String own = VOLUMES + "." + server;
        String key = configuration.containsKey(own) ? own : VOLUMES;
        String text = text(key, "file");
        if (!KINDS.matcher(text).matches()) {
            throw wrong(key, "Write file, lvm:GROUP, lvm:GROUP/POOL or zfs:DATASET, with names of LVM or ZFS.");
        }
        return text;
    }

    private String text(String key, String otherwise) {
        return String.valueOf(configuration.getOrDefault(key, otherwise)).strip();
    }

    private QrmException wrong(String key, String remedy) {
        return QrmException.invalid("use " + FILE, key, "it is \"" + Name.printable(text(key, "")) + "\"", remedy);
    }
}
