package org.qrm.api.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Settings of this server, fixed while it runs (etc/qrm.cfg, overridden by the environment). */
@ProviderType
public interface ServerSettings {

    /** IPv4 address that the server listens on and tells machines ({@code QRM_ADDRESS}). */
    String address();

    /** Plain HTTP for boot loaders ({@code QRM_HTTP_PORT}). */
    int httpPort();

    /** Everything else ({@code QRM_HTTPS_PORT}). */
    int httpsPort();

    /** What must survive ({@code QRM_DATA}). */
    Path dataDirectory();

    /** Where the distribution is unpacked. */
    Path homeDirectory();

    /** JDBC URL ({@code QRM_DATABASE_URL}); may hold a password, so it is never shown. */
    String databaseUrl();

    /** PEM file with the certificate of the authority that signed the server's certificate. */
    Path caCertificate();

    /**
     * Whether this run is to be without plug-ins ({@code qrm-server start --without-plugins}): none of their bundles is
     * started, and what was under way waits for a start with them.
     */
    default boolean withoutPlugins() {
        return false;
    }

    /**
     * Reverse proxies whose word counts on where a request comes from ({@code QRM_TRUSTED_PROXIES}): IP addresses, or networks as
     * {@code ADDRESS/BITS}.
     */
    default List<String> trustedProxies() {
        return List.of();
    }

    /**
     * Names of hosts under which this server is to be asked ({@code QRM_NAMES}, the host's own, those of an administrator's own
     * certificate), lower case; one may begin with {@code *.}, which stands for one label.
     */
    default Set<String> names() {
        return Set.of("localhost");
    }

    /**
     * Whether plug-ins' files are taken over the network and at the console ({@code QRM_PLUGIN_UPLOADS}); those that somebody puts
     * into the folder {@code deploy} always are.
     */
    default boolean pluginUploads() {
        return true;
    }

    /**
     * Addresses behind which many machines stand ({@code QRM_NODE_NAT}): IPv4 addresses, or networks as {@code ADDRESS/BITS}. A
     * machine that comes from elsewhere has the address that it comes from; of these its word counts.
     */
    default List<String> nodeNat() {
        return List.of("127.0.0.1");
    }

    /** Version of the server. */
    String version();
}
