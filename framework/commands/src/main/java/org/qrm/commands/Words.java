package org.qrm.commands;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Constants as the interface spells them: {@code POWER_ON} is {@code power-on}. */
public final class Words {

    private Words() {}

    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All words of an enumeration, in its order. */
    public static List<String> all(Class<?> enumeration) {
        return Arrays.stream(enumeration.getEnumConstants())
                .map(constant -> of((Enum<?>) constant))
                .toList();
    }
}
