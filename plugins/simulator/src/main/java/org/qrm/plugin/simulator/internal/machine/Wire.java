package org.qrm.plugin.simulator.internal.machine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * How machines reach the server: plain HTTP for what a boot loader does, HTTPS that trusts exactly the certificate whose
 * digest is on the kernel's line. Shared by all machines of a rack.
 */
final class Wire {

    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Executor executor;
    private final HttpClient plain;
    private final ConcurrentMap<String, CompletableFuture<HttpClient>> trusting = new ConcurrentHashMap<>();

    Wire(Executor executor) {
        this.executor = executor;
        this.plain = builder().build();
    }

    private HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .executor(executor);
    }

    CompletableFuture<HttpResponse<byte[]>> get(URI address) {
        return plain.sendAsync(HttpRequest.newBuilder(address).timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
    }

    CompletableFuture<HttpResponse<Void>> head(URI address) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        return plain.sendAsync(request, BodyHandlers.discarding());
    }

    /**
     * A client that trusts one certificate.
     *
     * @param certificate where to fetch it
     * @param digest SHA-256 of its DER form, lower-case hexadecimal
     */
    CompletableFuture<HttpClient> trusting(URI certificate, String digest) {
        CompletableFuture<HttpClient> client =
                trusting.computeIfAbsent(digest, wanted -> get(certificate).thenApply(answer -> build(answer, wanted)));
        client.whenComplete((built, failed) -> {
            if (failed != null) {
                trusting.remove(digest, client);
            }
        });
        return client;
    }

    private HttpClient build(HttpResponse<byte[]> answer, String digest) {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("no certificate: status " + answer.statusCode());
        }
        return builder().sslContext(trust(answer.body(), digest)).build();
    }

    /** Trusts the one certificate with that digest, and no other. */
    static SSLContext trust(byte[] pem, String digest) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(keyStore(pem, digest));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the authority's certificate cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore keyStore(byte[] pem, String digest) throws GeneralSecurityException, IOException {
        for (Certificate each :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
            if (sha256(each.getEncoded()).equals(digest)) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setCertificateEntry("authority", each);
                return store;
            }
        }
        throw new GeneralSecurityException("its digest is not the one on the kernel's line");
    }

    static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    static CompletableFuture<HttpResponse<byte[]>> post(HttpClient client, URI address, String token, Lines body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofByteArray());
    }

    static CompletableFuture<HttpResponse<byte[]>> get(HttpClient client, URI address, String token) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .build();
        return client.sendAsync(request, BodyHandlers.ofByteArray());
    }
}
