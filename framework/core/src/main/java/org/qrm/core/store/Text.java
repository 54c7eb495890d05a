package org.qrm.core.store;

/** Text on its way into a column. */
public final class Text {

    private Text() {}

    /** At most so many characters, control characters but line feeds replaced. */
    public static String cut(String text, int most) {
        String clean = text.replaceAll("[\\p{Cc}&&[^\\n]]", "?");
        return clean.length() <= most ? clean : clean.substring(0, most - 1) + "…";
    }
}
