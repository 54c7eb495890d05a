package org.qrm.login.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

public class SshKeyTest {

    private static final String ED25519 = line("good-keys.txt", 0).split(" ", 3)[2];

    @Test
    public void readsWhatSshKeygenMakesAsItShowsIt() throws Exception {
        for (String line : lines("good-keys.txt")) {
            String[] parts = line.split(" ", 3);
            SshKey key = SshKey.parse(parts[2]);
            assertEquals(parts[0], key.fingerprint());
            assertEquals(line, Integer.parseInt(parts[1]), key.bits());
            assertEquals(parts[2].strip(), key.line());
            assertEquals(key, SshKey.parse(key.line()));
        }
        assertEquals(
                "two words",
                SshKey.parse(line("good-keys.txt", 3).split(" ", 3)[2]).comment());
    }

    @Test
    public void refusesWhatIsTooWeak() {
        assertRefused(line("weak-keys.txt", 0), "DSA keys are too weak");
        assertRefused(line("weak-keys.txt", 1), "an RSA key of 1024 bits is too weak");
        BigInteger modulus = BigInteger.ONE.shiftLeft(2047).setBit(0);
        assertRefused(rsa(BigInteger.ONE, modulus), "cut off or broken");
        assertRefused(rsa(BigInteger.TWO, modulus), "cut off or broken");
        assertRefused(rsa(BigInteger.valueOf(-3), modulus), "cut off or broken");
        assertRefused(rsa(BigInteger.valueOf(3), modulus.negate()), "");
        assertRefused(
                rsa(BigInteger.valueOf(3), BigInteger.ONE.shiftLeft(20_000).setBit(0)), "");
    }

    @Test
    public void saysWhyItTakesNoOptions() {
        for (String options : List.of(
                "from=\"10.0.0.0/8\"",
                "command=\"echo hello\"",
                "restrict",
                "restrict,pty",
                "no-pty",
                "no-X11-forwarding,no-agent-forwarding",
                "cert-authority")) {
            assertRefused(options + " " + ED25519, "it has options in front of the key");
        }
    }

    @Test
    public void refusesAllElseAndRepeatsNothingOfIt() {
        String base64 = ED25519.split(" ")[1];
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("", "no public key");
        refused.put("hush", "no public key");
        refused.put("hush hush", "no type of key that is taken");
        refused.put("ssh-ed25519", "no public key");
        refused.put("ssh-ed25519 hush!", "not base64");
        refused.put("ssh-rsa " + base64, "not of the type ssh-rsa");
        refused.put("ssh-ed25519 " + base64.substring(0, 40), "cut off or broken");
        refused.put("ssh-ed25519 " + appended(base64), "cut off or broken");
        refused.put("ssh-ed25519 AAAA", "cut off or broken");
        refused.put("ssh-ed25519 /////w==", "cut off or broken");
        refused.put("ssh-ed25519-cert-v01@openssh.com " + base64, "no type of key");
        refused.put("sk-ssh-ed25519@openssh.com " + base64, "no type of key");
        refused.put("ecdsa-sha2-nistp255 " + base64, "no type of key");
        refused.put(ED25519 + "\n" + ED25519, "not one line");
        refused.put(ED25519 + " " + "x".repeat(300), "its comment is too long");
        refused.put(ED25519 + " \u202ehush", "its comment is too long, or has characters");
        refused.put("-----BEGIN OPENSSH PRIVATE KEY-----\nhush\n", "it is a private key");
        refused.put("-----BEGIN RSA PRIVATE KEY-----", "it is a private key");
        refused.put("---- BEGIN SSH2 PUBLIC KEY ----\nhush\n", "not in OpenSSH's form");
        refused.put("ssh-ed25519 " + "A".repeat(9000), "not one line");
        refused.forEach(SshKeyTest::assertRefused);
    }

    @Test
    public void whateverIsCutOffOrChangedIsRefusedOrAnotherKey() throws Exception {
        Random random = new Random(1);
        for (String line : lines("good-keys.txt")) {
            String[] words = line.split(" ", 3)[2].split(" ");
            byte[] blob = Base64.getDecoder().decode(words[1]);
            SshKey key = SshKey.parse(words[0] + " " + words[1]);
            for (int i = 0; i < 500; i++) {
                byte[] other =
                        Arrays.copyOf(blob, random.nextBoolean() ? blob.length : random.nextInt(blob.length + 9));
                if (other.length > 0) {
                    other[random.nextInt(other.length)] ^= (byte) (1 + random.nextInt(255));
                }
                String text = words[0] + " " + Base64.getEncoder().encodeToString(other);
                try {
                    assertFalse(text, SshKey.parse(text).fingerprint().equals(key.fingerprint()));
                } catch (SshKey.Refused refused) {
                    assertFalse(refused.getMessage().isEmpty());
                }
            }
        }
    }

    private static void assertRefused(String text, String why) {
        SshKey.Refused refused = assertThrows(text, SshKey.Refused.class, () -> SshKey.parse(text));
        assertTrue(refused.getMessage(), refused.getMessage().contains(why));
        assertFalse(refused.getMessage(), (refused.getMessage() + refused.remedy()).contains("hush"));
    }

    private static String rsa(BigInteger exponent, BigInteger modulus) {
        ByteBuffer blob = ByteBuffer.allocate(10_000);
        for (byte[] part :
                List.of("ssh-rsa".getBytes(StandardCharsets.US_ASCII), exponent.toByteArray(), modulus.toByteArray())) {
            blob.putInt(part.length).put(part);
        }
        return "ssh-rsa " + Base64.getEncoder().encodeToString(Arrays.copyOf(blob.array(), blob.position()));
    }

    private static String appended(String base64) {
        byte[] blob = Base64.getDecoder().decode(base64);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(blob, blob.length + 1));
    }

    static String line(String resource, int number) {
        return lines(resource).get(number);
    }

    private static List<String> lines(String resource) {
        try (InputStream in = SshKeyTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
