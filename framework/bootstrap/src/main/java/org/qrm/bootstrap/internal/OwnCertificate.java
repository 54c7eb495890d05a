package org.qrm.bootstrap.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The certificate that the administrator brings instead of ours: {@code certificate.pem} (the server's, then those
 * between it and the authority), {@code key.pem} (PKCS#8, not encrypted) and {@code ca.pem} (what machines trust).
 */
record OwnCertificate(Path directory) {

    /** dNSName, in RFC 5280, 4.2.1.6. */
    private static final int HOST_NAME = 2;

    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END");

    boolean isGiven() {
        return Files.exists(directory);
    }

    List<X509Certificate> chain() throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = certificates("certificate.pem");
        if (chain.isEmpty()) {
            throw new BadSetting(directory.resolve("certificate.pem") + " holds no certificate");
        }
        return chain;
    }

    /** Names of hosts that it is for, lower case; may begin with {@code *.}. */
    Set<String> names() throws IOException, GeneralSecurityException {
        Set<String> names = new TreeSet<>();
        Collection<List<?>> all = chain().get(0).getSubjectAlternativeNames();
        if (all != null) {
            all.stream()
                    .filter(typeAndName -> typeAndName.get(0).equals(HOST_NAME))
                    .forEach(typeAndName ->
                            names.add(String.valueOf(typeAndName.get(1)).toLowerCase(Locale.ROOT)));
        }
        return names;
    }

    PrivateKey key() throws IOException, GeneralSecurityException {
        String text = new String(read("key.pem"), StandardCharsets.US_ASCII);
        Matcher matcher = KEY.matcher(text);
        if (!matcher.find()) {
            throw new BadSetting(directory.resolve("key.pem")
                    + " holds no PKCS#8 key; convert it with: openssl pkcs8 -topk8 -nocrypt -in OLD -out key.pem");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
        String algorithm = chain().get(0).getPublicKey().getAlgorithm();
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /** Also while an administrator is at it: of files that do not belong together none is used. */
    void check() throws IOException, GeneralSecurityException {
        PublicKey certified = chain().get(0).getPublicKey();
        byte[] text = {1};
        Signature signature = Signature.getInstance(
                switch (certified.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> certified.getAlgorithm();
                });
        try {
            signature.initSign(key());
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(text);
            if (signature.verify(signed)) {
                return;
            }
        } catch (InvalidKeyException | SignatureException other) {
            // said below
        }
        throw new BadSetting(directory.resolve("key.pem") + " is not the key of the first certificate in "
                + directory.resolve("certificate.pem"));
    }

    byte[] authority() throws IOException, GeneralSecurityException {
        if (certificates("ca.pem").isEmpty()) {
            throw new BadSetting(directory.resolve("ca.pem") + " holds no certificate");
        }
        return read("ca.pem");
    }

    private List<X509Certificate> certificates(String name) throws IOException, GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(read(name)))
                .stream()
                .map((Certificate certificate) -> (X509Certificate) certificate)
                .toList();
    }

    private byte[] read(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isReadable(file)) {
            throw new BadSetting(file + " is missing or not readable; " + directory
                    + " must hold certificate.pem, key.pem and ca.pem, or not be there");
        }
        return Files.readAllBytes(file);
    }
}
