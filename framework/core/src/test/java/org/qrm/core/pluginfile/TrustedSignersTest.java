package org.qrm.core.pluginfile;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import jdk.security.jarsigner.JarSigner;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Jars that are signed as the JDK's own program does, and what can be done to them. */
public class TrustedSignersTest {

    private static final String PASSWORD = "changeit";
    private static final String OTHER_MANIFEST = "Manifest-Version: 1.0\r\nBundle-ManifestVersion: 2\r\n"
            + "Bundle-SymbolicName: org.example\r\nBundle-Version: 1.0\r\nBundle-Activator: org.example.Code\r\n\r\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @ClassRule
    public static final TemporaryFolder KEYS = new TemporaryFolder();

    private static KeyStore keys;

    private Path trusted;
    private TrustedSigners signers;

    @BeforeClass
    public static void makeKeys() throws Exception {
        key("maker", "-validity", "10");
        key("other", "-validity", "10");
        key("stranger", "-validity", "10");
        key("late", "-startdate", "-10d", "-validity", "5");
        keys = KeyStore.getInstance(keyFile().toFile(), PASSWORD.toCharArray());
    }

    @Before
    public void trustTheMaker() throws Exception {
        trusted = folder.newFolder("trusted").toPath();
        signers = new TrustedSigners(trusted, Clock.systemUTC());
        trust("maker");
    }

    @Test
    public void takesEverythingWhereNobodyIsTrusted() throws Exception {
        Files.delete(trusted.resolve("maker.pem"));
        assertEquals(Optional.empty(), signers.objection(jar()));
        Files.delete(trusted);
        assertEquals(Optional.empty(), signers.objection(jar()));
    }

    @Test
    public void takesWhatTheMakerSigned() throws Exception {
        assertEquals(Optional.empty(), signers.objection(signed("maker")));
    }

    @Test
    public void takesWhatAnotherSignedBeside() throws Exception {
        Path jar = signed("maker");
        sign(jar, "other");
        assertEquals(Optional.empty(), signers.objection(jar));
    }

    @Test
    public void refusesWhatNobodySigned() throws Exception {
        assertObjects("is not signed", jar());
    }

    @Test
    public void refusesWhatAStrangerSigned() throws Exception {
        assertObjects("has a certificate in", signed("stranger"));
    }

    @Test
    public void refusesAnEntryThatWasChangedAfterwards() throws Exception {
        assertObjects("changed after it was signed", copy(signed("maker"), "org/example/Code.class", "other code"));
    }

    @Test
    public void refusesAnEntryThatWasAddedAfterwards() throws Exception {
        assertObjects("is not signed", copy(signed("maker"), "org/example/More.class", "more code"));
        assertObjects("is not signed", copy(signed("maker"), "META-INF/services/a.Service", "org.example.More"));
        assertObjects("is not signed", copy(signed("maker"), "org/example/", "a folder with something in it"));
    }

    @Test
    public void refusesTheSignatureOfAnotherJar() throws Exception {
        Path jar = copy(signed("maker"), "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n");
        assertTrue(signers.objection(jar).isPresent());
    }

    /** The JDK reads the last of them, in whatever case, and the framework the one that is written as it should be. */
    @Test
    public void refusesAManifestBesideTheOneThatWasSigned() throws Exception {
        Path jar = signed("maker");
        String whole;
        try (ZipFile file = new ZipFile(jar.toFile());
                InputStream in = file.getInputStream(file.getEntry("META-INF/MANIFEST.MF"))) {
            whole = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path other = copy(copy(jar, "META-INF/manifest.mf", whole), "META-INF/MANIFEST.MF", OTHER_MANIFEST);
        assertEquals("org.example", BundleManifest.of(other).symbolicName());
        assertObjects("is not signed", other);
    }

    @Test
    public void refusesPartsThatDifferentOnesSigned() throws Exception {
        Path jar = signed("maker");
        Path more = copy(jar, "org/example/More.class", "more code");
        sign(more, "other");
        assertObjects("none of those who signed all of it", more);
    }

    @Test
    public void refusesASignerWhoseTimeIsOver() throws Exception {
        trust("late");
        assertObjects("and not now", signed("late"));
    }

    @Test
    public void refusesAllWhereSomethingElseThanACertificateIsAmongThem() throws Exception {
        Path jar = signed("maker");
        Files.writeString(trusted.resolve("readme.txt"), "not a certificate");
        assertObjects("readme.txt holds no certificate", jar);
    }

    private void assertObjects(String why, Path jar) {
        String objection = signers.objection(jar).orElse("none");
        assertTrue(objection, !objection.equals("none") && objection.contains(why));
    }

    private Path jar() throws IOException {
        Path jar = folder.newFile().toPath();
        Files.write(jar, Jar.named("org.example").bytes());
        return copy(jar, "org/example/Code.class", "code");
    }

    private Path signed(String who) throws Exception {
        Path jar = jar();
        sign(jar, who);
        return jar;
    }

    /** With that entry, in the place of one of that name. */
    private Path copy(Path jar, String name, String content) throws IOException {
        Path copy = folder.newFile().toPath();
        try (ZipFile from = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(copy);
                ZipOutputStream to = new ZipOutputStream(file)) {
            boolean there = false;
            for (ZipEntry entry : Collections.list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                if (entry.getName().equals(name)) {
                    there = true;
                    to.write(content.getBytes(StandardCharsets.UTF_8));
                } else {
                    try (InputStream in = from.getInputStream(entry)) {
                        in.transferTo(to);
                    }
                }
            }
            if (!there) {
                to.putNextEntry(new ZipEntry(name));
                to.write(content.getBytes(StandardCharsets.UTF_8));
            }
        }
        return copy;
    }

    private static Path keyFile() {
        return KEYS.getRoot().toPath().resolve("keys.p12");
    }

    private static void key(String name, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-alias",
                name,
                "-keystore",
                keyFile().toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(said, 0, process.waitFor());
    }

    private void trust(String name) throws Exception {
        String body =
                Base64.getMimeEncoder().encodeToString(keys.getCertificate(name).getEncoded());
        Files.writeString(
                trusted.resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    private static void sign(Path jar, String name) throws Exception {
        KeyStore.PrivateKeyEntry key =
                (KeyStore.PrivateKeyEntry) keys.getEntry(name, new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        try (ZipFile plain = new ZipFile(jar.toFile())) {
            new JarSigner.Builder(key)
                    .signerName(name.toUpperCase(Locale.ROOT))
                    .build()
                    .sign(plain, signed);
        }
        Files.write(jar, signed.toByteArray());
    }
}
