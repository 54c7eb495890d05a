package org.qrm.login.internal;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.qrm.api.Name;

/**
 * A public key as in a line of authorized_keys(5), without options.
 *
 * @param type of RFC 4253, 6.6, RFC 5656 or RFC 8709
 * @param blob what the base64 stands for: the type, and the numbers of the key
 * @param comment for people; may be empty
 */
record SshKey(String type, byte[] blob, int bits, String comment) {

    private static final String TAKEN =
            "Give a line of a .pub file: ssh-ed25519, ecdsa-sha2-nistp256, -nistp384 or -nistp521, or ssh-rsa of 2048 bits or more.";
    private static final int LONGEST = 8192;
    private static final int LONGEST_COMMENT = 200;
    private static final int FEWEST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 16_384;
    private static final int ED25519_BYTES = 32;
    /** Bits of the curve's numbers. */
    private static final Map<String, Integer> CURVES = Map.of("nistp256", 256, "nistp384", 384, "nistp521", 521);

    private static final String ECDSA = "ecdsa-sha2-";
    private static final byte UNCOMPRESSED = 4;
    /** Of authorized_keys(5), those that stand without a value. */
    private static final Pattern OPTION = Pattern.compile(
            "(restrict|cert-authority|verify-required|(no-)?(touch-required|agent-forwarding|port-forwarding|pty|user-rc|x11-forwarding))"
                    + "(,.*)?",
            Pattern.CASE_INSENSITIVE);

    /** Why a text is no key that is taken; it says nothing of the text but its type. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String remedy;

        Refused(String why) {
            this(why, TAKEN);
        }

        Refused(String why, String remedy) {
            super(why);
            this.remedy = remedy;
        }

        String remedy() {
            return remedy;
        }
    }

    static SshKey parse(String text) throws Refused {
        String line = text.strip();
        refuseOtherForms(line);
        String[] words = line.split("[ \t]+", 3);
        if (words.length < 2) {
            throw new Refused("it is no public key");
        }
        byte[] blob = decoded(words[0], words[1]);
        String comment = words.length < 3 ? "" : words[2].strip();
        if (comment.length() > LONGEST_COMMENT || !comment.codePoints().allMatch(Name::isShown)) {
            throw new Refused(
                    "its comment is too long, or has characters that a screen hides or obeys",
                    "Shorten what stands behind the key, to " + LONGEST_COMMENT + " characters at most.");
        }
        return new SshKey(words[0], blob, bits(words[0], blob), comment);
    }

    private static void refuseOtherForms(String line) throws Refused {
        if (line.contains("PRIVATE KEY")) {
            throw new Refused("it is a private key", "Keep it to yourself. " + TAKEN);
        }
        if (line.startsWith("---- BEGIN") || line.startsWith("-----BEGIN")) {
            throw new Refused("it is not in OpenSSH's form", "Convert it: ssh-keygen -i -f FILE (-m PKCS8 for PEM).");
        }
        if (line.length() > LONGEST || line.lines().count() > 1) {
            throw new Refused("it is not one line", "Give one key at a time. " + TAKEN);
        }
    }

    private static byte[] decoded(String type, String base64) throws Refused {
        if (type.equals("ssh-dss")) {
            throw new Refused("DSA keys are too weak", "Make another one: ssh-keygen -t ed25519.");
        }
        boolean known = type.equals("ssh-ed25519")
                || type.equals("ssh-rsa")
                || type.startsWith(ECDSA) && CURVES.containsKey(type.substring(ECDSA.length()));
        if (!known && (type.contains("=") || OPTION.matcher(type).matches())) {
            throw new Refused(
                    "it has options in front of the key, which would not be heeded", "Leave them out. " + TAKEN);
        }
        if (!known) {
            throw new Refused("it begins with no type of key that is taken");
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException broken) {
            throw new Refused("what follows " + type + " is not base64");
        }
    }

    /** The length of the key, which must be all that the blob holds. */
    private static int bits(String type, byte[] blob) throws Refused {
        ByteBuffer rest = ByteBuffer.wrap(blob);
        if (!new String(next(rest), StandardCharsets.US_ASCII).equals(type)) {
            throw new Refused("the key is not of the type " + type + " that stands before it");
        }
        int bits = switch (type) {
            case "ssh-ed25519" -> next(rest).length == ED25519_BYTES ? ED25519_BYTES * Byte.SIZE : 0;
            case "ssh-rsa" -> rsa(rest);
            default -> ecdsa(type.substring(ECDSA.length()), rest);
        };
        if (bits == 0 || rest.hasRemaining()) {
            throw new Refused("the key is cut off or broken");
        }
        return bits;
    }

    private static int rsa(ByteBuffer rest) throws Refused {
        BigInteger exponent = number(rest);
        BigInteger modulus = number(rest);
        int bits = modulus.bitLength();
        if (bits < FEWEST_RSA_BITS) {
            throw new Refused(
                    "an RSA key of " + bits + " bits is too weak", "Make another one: ssh-keygen -t ed25519.");
        }
        // by an exponent of 1 anybody could sign
        boolean good = bits <= MOST_RSA_BITS
                && exponent.signum() > 0
                && exponent.bitLength() > 1
                && exponent.testBit(0)
                && modulus.testBit(0);
        return good ? bits : 0;
    }

    private static int ecdsa(String curve, ByteBuffer rest) throws Refused {
        boolean same = new String(next(rest), StandardCharsets.US_ASCII).equals(curve);
        byte[] point = next(rest);
        int bits = CURVES.get(curve);
        int length = 1 + 2 * ((bits + Byte.SIZE - 1) / Byte.SIZE);
        return same && point.length == length && point[0] == UNCOMPRESSED ? bits : 0;
    }

    /** One above zero that is written as it must be; another spelling of it would be no client's. */
    private static BigInteger number(ByteBuffer rest) throws Refused {
        byte[] bytes = next(rest);
        BigInteger number = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
        if (number.signum() <= 0 || !Arrays.equals(number.toByteArray(), bytes)) {
            throw new Refused("the key is cut off or broken");
        }
        return number;
    }

    /** RFC 4251, 5: four bytes that say how many follow. */
    private static byte[] next(ByteBuffer rest) throws Refused {
        if (rest.remaining() < Integer.BYTES) {
            throw new Refused("the key is cut off or broken");
        }
        int length = rest.getInt();
        if (length < 0 || length > rest.remaining()) {
            throw new Refused("the key is cut off or broken");
        }
        byte[] bytes = new byte[length];
        rest.get(bytes);
        return bytes;
    }

    String fingerprint() {
        return fingerprint(blob);
    }

    /** As OpenSSH writes it. */
    static String fingerprint(byte[] blob) {
        try {
            return "SHA256:"
                    + Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(blob));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The line that it is read from. */
    String line() {
        return (type + " " + Base64.getEncoder().encodeToString(blob) + " " + comment).strip();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SshKey key && Arrays.equals(blob, key.blob);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blob);
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}
