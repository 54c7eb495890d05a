package org.qrm.bootstrap.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The site's own authority: machines trust its certificate, and so whatever server certificate it issues. */
record CertificateAuthority(PrivateKey key, X509Certificate certificate) {

    /** Machines whose clock was lost start in 1970; to them the certificates must be valid already. */
    private static final Instant NOT_BEFORE = Instant.EPOCH;

    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * How many authorities may stand below one: its successor, whom it introduces. OpenSSL and Java do not count one of the same
     * name (RFC 5280, 4.2.1.9), GnuTLS, and so wget on machines, does.
     */
    private static final int WITH_SUCCESSOR = 1;

    static CertificateAuthority create(String hostName, Instant notAfter) throws GeneralSecurityException, IOException {
        X500Principal name = new X500Principal("CN=QRM authority of " + escape(hostName) + ", O=QRM");
        return create(name, newKeys(), notAfter);
    }

    private static CertificateAuthority create(X500Principal name, KeyPair keys, Instant notAfter)
            throws GeneralSecurityException, IOException {
        X509v3CertificateBuilder builder = authority(name, name, keys.getPublic(), WITH_SUCCESSOR, notAfter);
        return new CertificateAuthority(keys.getPrivate(), sign(builder, keys.getPrivate()));
    }

    private static X509v3CertificateBuilder authority(
            X500Principal issuer, X500Principal subject, PublicKey key, int below, Instant notAfter)
            throws GeneralSecurityException, IOException {
        X509v3CertificateBuilder builder = builder(issuer, subject, key, notAfter);
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(below));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
        return builder;
    }

    /** Another of the same name, with a key of its own. */
    CertificateAuthority successor(Instant notAfter) throws GeneralSecurityException, IOException {
        return create(certificate.getSubjectX500Principal(), newKeys(), notAfter);
    }

    /** Introduces a successor to those who trust this one: a certificate of the successor's key, signed by this one. */
    X509Certificate introduce(CertificateAuthority successor) throws GeneralSecurityException, IOException {
        X500Principal name = certificate.getSubjectX500Principal();
        X509v3CertificateBuilder builder = authority(
                name,
                name,
                successor.certificate.getPublicKey(),
                0,
                certificate.getNotAfter().toInstant());
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
        return sign(builder, key);
    }

    /** Whether it could introduce a successor; those of release 0.1 could not. */
    boolean canIntroduce() {
        return certificate.getBasicConstraints() >= WITH_SUCCESSOR;
    }

    /** With the same name, key and end, and a certificate by which it can introduce a successor. */
    CertificateAuthority renewed() throws GeneralSecurityException, IOException {
        X500Principal name = certificate.getSubjectX500Principal();
        KeyPair keys = new KeyPair(certificate.getPublicKey(), key);
        return create(name, keys, certificate.getNotAfter().toInstant());
    }

    static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    X509Certificate issue(PublicKey server, Set<String> addresses, Set<String> names, Instant notAfter)
            throws GeneralSecurityException, IOException {
        X500Principal subject = new X500Principal("CN=QRM server, O=QRM");
        X509v3CertificateBuilder builder = builder(certificate.getSubjectX500Principal(), subject, server, notAfter);
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(addresses, names));
        // by key alone: an authority that is renewed has another number
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
        builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(server));
        return sign(builder, key);
    }

    private static GeneralNames alternativeNames(Set<String> addresses, Set<String> names) {
        GeneralName[] all = new GeneralName[addresses.size() + names.size()];
        int next = 0;
        for (String address : addresses) {
            all[next++] = new GeneralName(GeneralName.iPAddress, address);
        }
        for (String name : names) {
            all[next++] = new GeneralName(GeneralName.dNSName, name);
        }
        return new GeneralNames(all);
    }

    private static X509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, PublicKey key, Instant notAfter) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, RANDOM).setBit(0),
                Date.from(NOT_BEFORE),
                Date.from(notAfter),
                subject,
                key);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("cannot sign a certificate with " + SIGNATURE, e);
        }
    }

    /** A host name holds letters, digits, hyphens and dots; whatever else there may be has no place in a name here. */
    private static String escape(String hostName) {
        return hostName.replaceAll("[^A-Za-z0-9.-]", "-");
    }
}
