package org.qrm.api.resource;

import java.util.Locale;
import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * An Ethernet address (IEEE 802 MAC-48).
 *
 * @param value six lower-case pairs of hexadecimal digits with colons between: {@code 52:54:00:aa:00:01}
 */
public record MacAddress(String value) implements Comparable<MacAddress> {

    private static final Pattern CANONICAL = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

    /**
     * As the field writes it: pairs, also without leading zeros (Solaris, BSD); groups of four (Cisco, Huawei), halves (HPE),
     * and digits alone (VMware, labels).
     */
    private static final Pattern SPELLED =
            Pattern.compile("[0-9a-f]{2}([:-][0-9a-f]{2}){5}|[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}"
                    + "|[0-9a-f]{4}([.:-][0-9a-f]{4}){2}|[0-9a-f]{6}-?[0-9a-f]{6}");

    private static final Pattern SINGLE = Pattern.compile("(?<![0-9a-f])([0-9a-f])(?![0-9a-f])");

    public MacAddress {
        if (value == null || !CANONICAL.matcher(value).matches()) {
            throw malformed(value);
        }
        boolean group = (Character.digit(value.charAt(1), 16) & 1) == 1;
        if (group || value.equals("00:00:00:00:00:00")) {
            throw malformed(value);
        }
    }

    /**
     * Reads the usual spellings, in either case: {@code 52:54:00:aa:00:01}, {@code 52-54-00-aa-00-01}, {@code
     * 52:54:0:aa:0:1}, {@code 5254.00aa.0001}, {@code 525400-aa0001}, {@code 525400aa0001}.
     *
     * @throws QrmException kind INVALID when it is no address of one card
     */
    public static MacAddress parse(String text) {
        String lower = text == null ? "" : text.toLowerCase(Locale.ROOT);
        if (!SPELLED.matcher(lower).matches()) {
            throw malformed(text);
        }
        String digits = SINGLE.matcher(lower).replaceAll("0$1").replaceAll("[^0-9a-f]", "");
        try {
            return new MacAddress(String.join(":", digits.split("(?<=\\G..)")));
        } catch (QrmException noCard) {
            throw malformed(text);
        }
    }

    /** The six bytes. */
    public byte[] bytes() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) Integer.parseInt(value.substring(3 * i, 3 * i + 2), 16);
        }
        return bytes;
    }

    @Override
    public int compareTo(MacAddress other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static QrmException malformed(String text) {
        return QrmException.invalid(
                "read MAC address",
                Name.printable(text),
                "it is not the address of one network card",
                "Write six pairs of hexadecimal digits: 52:54:00:aa:00:01.");
    }
}
