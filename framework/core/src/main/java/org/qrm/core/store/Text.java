package org.qrm.core.store;

import org.qrm.api.Name;

/** Text on its way into a column. */
public final class Text {

    private Text() {}

    /** At most so many characters; those that would not be shown as they are ({@link Name#isShown}) replaced. */
    public static String cut(String text, int most) {
        String clean = text.codePoints()
                .map(c -> Name.isShown(c) ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean.length() <= most ? clean : clean.substring(0, most - 1) + "…";
    }
}
