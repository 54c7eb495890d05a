package org.qrm.core.image;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.image.ImageSource;
import org.qrm.core.storage.Checked;
import org.qrm.core.store.Json;

/** Sources of images: checked, and as text in a column. */
final class ImageSourceText {

    private static final String ATTEMPT = "create filesystem image";
    private static final Pattern SUITE = Pattern.compile("[a-z][a-z0-9.-]{0,39}");

    /** Debian policy 5.6.1. */
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9.+-]{1,99}");

    private static final int MOST_PACKAGES = 30;

    private ImageSourceText() {}

    /** @throws QrmException INVALID when a part of it could not be what it should be */
    static ImageSource checked(ImageSource source) {
        if (source instanceof ImageSource.System system) {
            Checked.host(ATTEMPT, system.address());
            Checked.hostKey(ATTEMPT, system.hostKey());
        } else if (source instanceof ImageSource.Archive archive) {
            Checked.path(ATTEMPT, archive.path());
        } else if (source instanceof ImageSource.Debootstrap debian) {
            check(debian);
        } else if (source == null) {
            throw QrmException.invalid(
                    ATTEMPT,
                    "",
                    "it is not said what to fill it from",
                    "Choose a source, an empty directory included.");
        }
        return source;
    }

    private static void check(ImageSource.Debootstrap debian) {
        if (debian.suite() == null || !SUITE.matcher(debian.suite()).matches()) {
            throw QrmException.invalid(
                    ATTEMPT, Name.printable(debian.suite()), "that is no suite of Debian", "Give one like bookworm.");
        }
        if (debian.packages().size() > MOST_PACKAGES) {
            throw QrmException.invalid(
                    ATTEMPT,
                    debian.suite(),
                    debian.packages().size() + " packages are named",
                    "Name at most " + MOST_PACKAGES + " and install the others in the image.");
        }
        for (String name : debian.packages()) {
            if (!PACKAGE.matcher(name).matches()) {
                throw QrmException.invalid(
                        ATTEMPT, Name.printable(name), "that is no name of a Debian package", "Correct the name.");
            }
        }
    }

    static String write(ImageSource source) {
        if (source instanceof ImageSource.System system) {
            return system.hostKey() == null
                    ? Json.write(Map.of("kind", "system", "address", system.address()))
                    : Json.write(Map.of("kind", "system", "address", system.address(), "hostKey", system.hostKey()));
        }
        if (source instanceof ImageSource.Archive archive) {
            return Json.write(Map.of("kind", "archive", "path", archive.path()));
        }
        if (source instanceof ImageSource.Debootstrap debian) {
            return Json.write(Map.of(
                    "kind", "debootstrap", "suite", debian.suite(), "packages", String.join(" ", debian.packages())));
        }
        return Json.write(Map.of("kind", source instanceof ImageSource.Existing ? "existing" : "empty"));
    }

    static ImageSource read(String text) {
        Map<String, String> parts = Json.read(text, new TypeReference<>() {});
        return switch (parts.get("kind")) {
            case "system" -> new ImageSource.System(parts.get("address"), parts.get("hostKey"));
            case "archive" -> new ImageSource.Archive(parts.get("path"));
            case "debootstrap" -> new ImageSource.Debootstrap(parts.get("suite"), words(parts.get("packages")));
            case "existing" -> new ImageSource.Existing();
            default -> new ImageSource.Empty();
        };
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
