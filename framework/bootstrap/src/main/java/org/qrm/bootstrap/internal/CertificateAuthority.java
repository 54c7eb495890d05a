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

    static CertificateAuthority create(String hostName, Instant notAfter) throws GeneralSecurityException, IOException {
        KeyPair keys = newKeys();
        X500Principal name = new X500Principal("CN=QRM authority of " + escape(hostName) + ", O=QRM");
        X509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), notAfter);
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
        return new CertificateAuthority(keys.getPrivate(), sign(builder, keys.getPrivate()));
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
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(certificate));
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
