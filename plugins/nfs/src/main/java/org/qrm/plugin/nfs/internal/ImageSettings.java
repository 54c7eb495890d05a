package org.qrm.plugin.nfs.internal;

import java.util.Map;
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

    private final Map<String, Object> configuration;

    ImageSettings(Map<String, Object> configuration) {
        this.configuration = configuration;
    }

    /** As the script takes them: whether images that share a file system are refused or allowed, and the size. */
    String[] words() {
        return new String[] {sharing(), gib()};
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

    private String text(String key, String otherwise) {
        return String.valueOf(configuration.getOrDefault(key, otherwise)).strip();
    }

    private QrmException wrong(String key, String remedy) {
        return QrmException.invalid("use " + FILE, key, "it is \"" + Name.printable(text(key, "")) + "\"", remedy);
    }
}
