package org.qrm.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A directory of users in a slapd of its own, with a certificate of its own, ended after the test whatever happens. */
public final class LdapDirectory extends ExternalResource {

    static final String BASE = "dc=example,dc=org";
    static final String BIND_PASSWORD = "what looks users up";

    private static final Path SLAPD = Path.of("/usr/sbin/slapd");
    private static final Path SLAPADD = Path.of("/usr/sbin/slapadd");
    private static final long PATIENCE_SECONDS = 30;
    private static final int NEWCOMERS = 30;

    private final TemporaryFolder folder = new TemporaryFolder();
    private Process slapd;
    private int port;
    private int tlsPort;

    static boolean isThere() {
        return Files.isExecutable(SLAPD);
    }

    @Override
    protected void before() throws Throwable {
        if (!isThere()) {
            return;
        }
        folder.create();
        try {
            port = FreePorts.next();
            tlsPort = FreePorts.next();
            makeCertificates();
            Files.createDirectory(path("database"));
            Files.writeString(path("slapd.conf"), configuration());
            Files.writeString(path("users.ldif"), users());
            run(
                    SLAPADD.toString(),
                    "-f",
                    path("slapd.conf").toString(),
                    "-l",
                    path("users.ldif").toString());
            start();
        } catch (Throwable e) {
            after();
            throw e;
        }
    }

    @Override
    protected void after() {
        stop();
        folder.delete();
    }

    void start() throws IOException {
        slapd = new ProcessBuilder(
                        SLAPD.toString(), "-d", "0", "-f", path("slapd.conf").toString(), "-h", url() + " " + tlsUrl())
                .redirectErrorStream(true)
                .redirectOutput(path("slapd.log").toFile())
                .start();
        awaitAnswer();
    }

    void stop() {
        if (slapd == null) {
            return;
        }
        slapd.destroy();
        try {
            if (!slapd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                slapd.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            slapd.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Makes it take connections and say nothing, as a host that hangs does. */
    void hang() throws IOException, InterruptedException {
        run("kill", "-STOP", Long.toString(slapd.pid()));
    }

    void goOn() throws IOException, InterruptedException {
        run("kill", "-CONT", Long.toString(slapd.pid()));
    }

    String url() {
        return "ldap://127.0.0.1:" + port + "/";
    }

    String tlsUrl() {
        return "ldaps://127.0.0.1:" + tlsPort + "/";
    }

    /** The certificate of the authority that signed the directory's. */
    Path authority() {
        return path("ca.pem");
    }

    /** An authority that has signed nothing here. */
    Path strangeAuthority() {
        return path("strange.pem");
    }

    private void makeCertificates() throws IOException, InterruptedException {
        makeAuthority("ca");
        makeAuthority("strange");
        Files.writeString(path("names"), "subjectAltName=IP:127.0.0.1\n");
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=directory", "-keyout", "key.pem", "-out", "csr");
        openssl(
                "x509",
                "-req",
                "-in",
                "csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                "names",
                "-out",
                "certificate.pem");
    }

    private void makeAuthority(String name) throws IOException, InterruptedException {
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem");
    }

    /** Whoever binds without encryption is refused by the directory. */
    private String configuration() {
        return """
                include /etc/ldap/schema/core.schema
                include /etc/ldap/schema/cosine.schema
                include /etc/ldap/schema/nis.schema
                include /etc/ldap/schema/inetorgperson.schema
                modulepath /usr/lib/ldap
                moduleload back_mdb
                TLSCertificateFile @/certificate.pem
                TLSCertificateKeyFile @/key.pem
                security simple_bind=128
                pidfile @/slapd.pid
                allow bind_anon_cred
                database mdb
                suffix "dc=example,dc=org"
                directory @/database
                access to attrs=userPassword by anonymous auth by * none
                access to * by dn.exact="cn=qrm,dc=example,dc=org" read by * none
                """.replace("@", folder.getRoot().toString());
    }

    private static String users() {
        StringBuilder ldif = new StringBuilder();
        ldif.append("dn: " + BASE + "\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n\n");
        for (String unit : List.of("people", "groups")) {
            ldif.append("dn: ou=" + unit + "," + BASE + "\nobjectClass: organizationalUnit\nou: " + unit + "\n\n");
        }
        ldif.append("dn: cn=qrm," + BASE + "\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
                + "cn: qrm\nuserPassword: " + BIND_PASSWORD + "\n\n");
        List<String> viewers = IntStream.rangeClosed(1, NEWCOMERS)
                .mapToObj(LdapDirectory::newcomer)
                .toList();
        for (String user : Stream.concat(Stream.of("ann", "otto", "vera", "nora", "admin"), viewers.stream())
                .toList()) {
            ldif.append("dn: " + dn(user) + "\nobjectClass: inetOrgPerson\nuid: " + user + "\ncn: " + user + "\nsn: "
                    + user + "\nuserPassword: " + password(user) + "\n\n");
        }
        group(ldif, "qrm-admins", "member", dn("ann"), "groupOfNames");
        group(ldif, "qrm-operators", "uniqueMember", dn("otto"), "groupOfUniqueNames");
        ldif.append("dn: cn=qrm-viewers,ou=groups," + BASE + "\nobjectClass: posixGroup\ncn: qrm-viewers\n"
                + "gidNumber: 5000\nmemberUid: vera\n");
        viewers.forEach(user -> ldif.append("memberUid: " + user + "\n"));
        ldif.append("\n");
        return ldif.toString();
    }

    private static void group(StringBuilder ldif, String name, String attribute, String member, String kind) {
        ldif.append("dn: cn=" + name + ",ou=groups," + BASE + "\nobjectClass: " + kind + "\ncn: " + name + "\n"
                + attribute + ": " + member + "\n\n");
    }

    private static String dn(String user) {
        return "uid=" + user + ",ou=people," + BASE;
    }

    /** One of those viewers who are there for a single login. */
    static String newcomer(int number) {
        return "newcomer-" + number;
    }

    static String password(String user) {
        return "of the directory, " + user;
    }

    private void awaitAnswer() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            if (answers(port) && answers(tlsPort)) {
                return;
            }
            if (!slapd.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("slapd does not answer: " + Files.readString(path("slapd.log")));
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path output = path("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.getRoot())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(command[0] + ": " + Files.readString(output));
        }
    }

    /** Writes the settings as docs/security.md has them. */
    void describeTo(Path data, String connection) throws IOException {
        Path secret = data.resolve("secrets/ldap");
        Files.deleteIfExists(secret);
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, BIND_PASSWORD + "\n");
        Files.writeString(data.resolve("ldap.properties"), connection + """
                        bindDn = cn=qrm,dc=example,dc=org
                        bindPasswordFile = secrets/ldap
                        userBase = ou=people,dc=example,dc=org
                        group.admin = cn=qrm-admins,ou=groups,dc=example,dc=org
                        group.operator = cn=qrm-operators,ou=groups,dc=example,dc=org
                        group.viewer = cn=qrm-viewers,ou=groups,dc=example,dc=org
                        """);
    }
}
