package org.qrm.core.pluginfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose bundles are taken: those who have a certificate (PEM) in a folder that is written by hand, on the server's host, and by
 * nothing else. Without any file there, everybody's whose digest is told.
 */
final class TrustedSigners {

    /** What is not signed by its nature (JAR File Specification, "Signed JAR File"). */
    private static final Pattern OF_THE_SIGNATURE =
            Pattern.compile("META-INF/(MANIFEST\\.MF|SIG-[^/]*|[^/]*\\.(SF|RSA|DSA|EC))", Pattern.CASE_INSENSITIVE);

    private static final long MOST_UNPACKED = 1L << 30;

    private final Path folder;
    private final Clock clock;

    /** Why a file is not taken. */
    private static final class NotTrusted extends Exception {
        private static final long serialVersionUID = 1L;

        NotTrusted(String reason) {
            super(reason);
        }
    }

    TrustedSigners(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Why a jar is not taken; empty when each of its entries is signed by one whose certificate is here and valid now. */
    Optional<String> objection(Path jar) {
        try {
            List<X509Certificate> trusted = certificates();
            if (!trusted.isEmpty()) {
                check(keysOfAllEntries(jar), trusted);
            }
            return Optional.empty();
        } catch (NotTrusted no) {
            return Optional.of(no.getMessage());
        }
    }

    /** False only where no file is in the folder: one that cannot be read stands for somebody. */
    boolean isSomebodyTrusted() {
        try {
            return !certificates().isEmpty();
        } catch (NotTrusted unreadable) {
            return true;
        }
    }

    private List<X509Certificate> certificates() throws NotTrusted {
        List<X509Certificate> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                List<X509Certificate> read = certificates(file);
                if (read.isEmpty()) {
                    throw new NotTrusted(file + " holds no certificate (PEM), so nobody can be trusted");
                }
                found.addAll(read);
            }
            return found;
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failed) {
            throw new NotTrusted("the certificates in " + folder + " cannot be read (" + failed + ")");
        }
    }

    private static List<X509Certificate> certificates(Path file) throws IOException, NotTrusted {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException malformed) {
            throw new NotTrusted(file + " holds no certificate (PEM), so nobody can be trusted");
        }
    }

    /** Those who signed everything: one for a part and another for the rest would let parts of two bundles be mixed. */
    private static Set<PublicKey> keysOfAllEntries(Path jar) throws NotTrusted {
        Set<PublicKey> ofAll = null;
        Set<String> names = new HashSet<>();
        long unpacked = 0;
        try (JarFile file = new JarFile(jar.toFile(), true)) {
            for (JarEntry entry : Collections.list(file.entries())) {
                if (!names.add(entry.getName())) {
                    throw new NotTrusted(entry.getName() + " is in it twice");
                }
                long size = drain(file, entry, MOST_UNPACKED - unpacked);
                unpacked += size;
                if (isContent(entry, size)) {
                    Set<PublicKey> ofThis = keys(entry);
                    if (ofAll == null) {
                        ofAll = ofThis;
                    }
                    ofAll.retainAll(ofThis);
                }
            }
        } catch (SecurityException altered) {
            throw new NotTrusted("it was changed after it was signed (" + altered.getMessage() + ")");
        } catch (IOException malformed) {
            throw new NotTrusted("it cannot be read whole (" + malformed.getMessage() + ")");
        }
        return ofAll == null ? Set.of() : ofAll;
    }

    private static boolean isContent(JarEntry entry, long size) {
        boolean folderOnly = entry.isDirectory() && size == 0;
        return !folderOnly && !OF_THE_SIGNATURE.matcher(entry.getName()).matches();
    }

    /** An entry is compared with its signature when it has been read to its end. */
    private static long drain(JarFile file, JarEntry entry, long most) throws IOException, NotTrusted {
        long size = 0;
        try (InputStream in = file.getInputStream(entry)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                size += read;
                if (size > most) {
                    throw new NotTrusted("it unpacks to more than 1 GiB");
                }
            }
        }
        return size;
    }

    private static Set<PublicKey> keys(JarEntry entry) throws NotTrusted {
        CodeSigner[] signers = entry.getCodeSigners();
        if (signers == null) {
            throw new NotTrusted(entry.getName() + " in it is not signed");
        }
        return Arrays.stream(signers)
                .map(signer -> signer.getSignerCertPath().getCertificates().get(0))
                .map(Certificate::getPublicKey)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** By key: who renews a certificate keeps the key, and what was signed before stays good. */
    private void check(Set<PublicKey> signers, List<X509Certificate> trusted) throws NotTrusted {
        List<X509Certificate> matching = trusted.stream()
                .filter(each -> signers.contains(each.getPublicKey()))
                .toList();
        if (matching.isEmpty()) {
            throw new NotTrusted("none of those who signed all of it has a certificate in " + folder);
        }
        if (matching.stream().noneMatch(this::isValid)) {
            X509Certificate ended = matching.get(0);
            throw new NotTrusted("the certificate of its signer in " + folder + " is valid from "
                    + day(ended.getNotBefore()) + " to " + day(ended.getNotAfter()) + ", and not now");
        }
    }

    private boolean isValid(X509Certificate certificate) {
        Date now = Date.from(clock.instant());
        return !now.before(certificate.getNotBefore()) && !now.after(certificate.getNotAfter());
    }

    private static String day(Date date) {
        return date.toInstant().atZone(ZoneOffset.UTC).toLocalDate().toString();
    }
}
