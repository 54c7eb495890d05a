package org.qrm.netboot.internal;

/** IPv4 addresses as machines write them. */
final class Ipv4 {

    private Ipv4() {}

    /** @throws org.qrm.api.QrmException INVALID when it is not four numbers of 0 to 255 without leading zeros */
    static String checked(String key, String text) {
        int parts = 0;
        int start = 0;
        while (start <= text.length()) {
            int dot = text.indexOf('.', start);
            String part = text.substring(start, dot < 0 ? text.length() : dot);
            if (part.length() > 1 && part.charAt(0) == '0') {
                throw malformed(key);
            }
            NodeMessage.numberOf(key, part, 0, 255);
            parts++;
            if (dot < 0) {
                break;
            }
            start = dot + 1;
        }
        if (parts != 4) {
            throw malformed(key);
        }
        return text;
    }

    private static RuntimeException malformed(String key) {
        return NodeMessage.malformed(key, "it is no IPv4 address");
    }
}
