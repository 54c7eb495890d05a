package org.qrm.core.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.qrm.api.image.BootImage;
import org.qrm.api.resource.Hardware;

/**
 * By what a machine is known again, beside the MAC address by which it is found.
 *
 * @param uuid of its DMI table, in lower case, or empty
 * @param serial of its DMI table, or empty
 * @param cards their MAC addresses, in order
 * @param image the boot image that saw them: another kernel may have no driver for a card, or no DMI table
 * @param telling other boot images that have told UUID and serial number of it once, and so do again
 */
public record Identity(String uuid, String serial, List<String> cards, String image, List<String> telling) {

    /** Their names fit into the column with all the rest. */
    private static final int MOST_TELLING = 8;

    /** Those that were written before that was noted have no list. */
    public Identity {
        telling = telling == null ? List.of() : List.copyOf(telling);
    }

    Identity(String uuid, String serial, List<String> cards, String image) {
        this(uuid, serial, cards, image, List.of());
    }

    /** What a machine says of itself. */
    public static Identity of(Hardware hardware, String image) {
        return new Identity(
                detail(hardware, "uuid").toLowerCase(Locale.ROOT),
                detail(hardware, "serial"),
                hardware.nics().stream()
                        .map(card -> card.mac().value())
                        .sorted()
                        .toList(),
                image);
    }

    private static String detail(Hardware hardware, String key) {
        return hardware.details().getOrDefault(key, "").strip();
    }

    /**
     * What is not as it was, in words; empty when that is the same machine. What was blank before may be known now. What is
     * blank now counts when that boot image told it before, and other cards when the same one saw both: else whoever says that it runs
     * another one need know nothing of the machine.
     */
    public List<String> changes(Identity now) {
        boolean alike = image.equals(now.image);
        List<String> changes = new ArrayList<>();
        boolean tells = alike || telling.contains(now.image);
        compare("UUID", uuid, now.uuid, tells, changes);
        compare("serial number", serial, now.serial, tells, changes);
        if (alike) {
            now.cards.stream()
                    .filter(card -> !cards.contains(card))
                    .forEach(card -> changes.add(card + " is a new card"));
            cards.stream().filter(card -> !now.cards.contains(card)).forEach(card -> changes.add(card + " is gone"));
        }
        return changes;
    }

    private static void compare(String what, String was, String is, boolean tells, List<String> changes) {
        boolean known = !was.isEmpty() && (tells || !is.isEmpty());
        if (known && !was.equals(is)) {
            changes.add(what + " was " + was + ", is " + (is.isEmpty() ? "missing" : is));
        }
    }

    /** The same, with what is known better of that machine now: what was blank, and what the idle environment sees. */
    public Identity completed(Identity now) {
        boolean better = !image.equals(BootImage.DEFAULT) && now.image.equals(BootImage.DEFAULT);
        Identity known = new Identity(
                first(uuid, now.uuid),
                first(serial, now.serial),
                better ? now.cards : cards,
                better ? now.image : image);
        Stream<String> before = known.isToldBy(this) ? telling.stream() : Stream.of();
        List<String> others = Stream.concat(
                        before, Stream.of(this, now).filter(known::isToldBy).map(Identity::image))
                .filter(other -> !other.equals(known.image))
                .distinct()
                .limit(MOST_TELLING)
                .toList();
        return new Identity(known.uuid, known.serial, known.cards, known.image, others);
    }

    /** Whether that says all that is known of UUID and serial number, and some of it is. */
    private boolean isToldBy(Identity other) {
        return !(uuid + serial).isEmpty() && uuid.equals(other.uuid) && serial.equals(other.serial);
    }

    private static String first(String one, String other) {
        return Stream.of(one, other).filter(text -> !text.isEmpty()).findFirst().orElse("");
    }
}
