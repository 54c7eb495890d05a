package org.qrm.netboot.internal;

import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/**
 * Who a machine says it is: {@code <resource>.<token>}, so that a request without a body names its resource too. To the
 * machine it is one opaque word.
 *
 * @param resource id of the resource
 * @param token the node token that the server's core gave
 */
record NodeCredentials(long resource, String token) {

    private static final int MAX_LENGTH = 512;
    private static final String SCHEME = "Bearer ";

    /**
     * Reads an {@code Authorization} header.
     *
     * @throws QrmException UNAUTHENTICATED when it is missing or no such word
     */
    static NodeCredentials fromHeader(String header) {
        if (header == null
                || header.length() > MAX_LENGTH
                || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw unauthenticated("there is no Authorization header with a node token");
        }
        String word = header.substring(SCHEME.length()).trim();
        int dot = word.indexOf('.');
        if (dot < 1 || dot > 18 || dot == word.length() - 1) {
            throw unauthenticated("the node token is none of this server's");
        }
        return new NodeCredentials(resource(word, dot), token(word, dot + 1));
    }

    private static long resource(String word, int end) {
        long id = 0;
        for (int i = 0; i < end; i++) {
            int digit = word.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw unauthenticated("the node token is none of this server's");
            }
            id = 10 * id + digit;
        }
        return id;
    }

    private static String token(String word, int start) {
        for (int i = start; i < word.length(); i++) {
            if (word.charAt(i) <= ' ' || word.charAt(i) > '~') {
                throw unauthenticated("the node token is none of this server's");
            }
        }
        return word.substring(start);
    }

    /** As the machine presents it. */
    String text() {
        return resource + "." + token;
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "NodeCredentials[resource=" + resource + "]";
    }

    private static QrmException unauthenticated(String reason) {
        return new QrmException(new Problem(
                Problem.Kind.UNAUTHENTICATED, "accept request", "", reason, "Start the machine again to register it."));
    }
}
