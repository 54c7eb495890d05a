package org.qrm.api.boot;

import java.util.regex.Pattern;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/**
 * What a secret argument may be: something that a virtual environment's machines are told over their authenticated channel, and
 * find in {@code /run/qrm/arguments}, as a line {@code name=value}. It is on no kernel's line, which is public.
 */
public final class SecretArgument {

    /** Those of one virtual environment; and those that plug-ins give one machine. */
    public static final int MOST = 32;

    private static final int LONGEST_VALUE = 900;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

    private SecretArgument() {}

    /**
     * Returns the name.
     *
     * @throws QrmException kind INVALID
     */
    public static String checkedName(String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw QrmException.invalid(
                    "set secret argument",
                    Name.printable(name),
                    "it is no name of an argument",
                    "Give 1 to 64 letters, digits, '_', '.' and '-', starting with a letter.");
        }
        return name;
    }

    /**
     * Returns the value.
     *
     * @param name which is named in the error, and the value is not
     * @throws QrmException kind INVALID
     */
    public static String checkedValue(String name, String value) {
        boolean usable = value != null
                && !value.isEmpty()
                && value.length() <= LONGEST_VALUE
                && value.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= LONGEST_VALUE
                && value.codePoints().allMatch(SecretArgument::isText);
        if (!usable) {
            throw QrmException.invalid(
                    "set secret argument",
                    checkedName(name),
                    "its value is empty, longer than " + LONGEST_VALUE + " octets, or holds a control character",
                    "Give one line of text; encode what is not (base64), or put it into the image.");
        }
        return value;
    }

    private static boolean isText(int character) {
        int type = Character.getType(character);
        return type != Character.CONTROL
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
