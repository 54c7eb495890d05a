package org.qrm.login.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import org.apache.karaf.jaas.boot.ProxyLoginModule;
import org.apache.karaf.jaas.config.JaasRealm;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.qrm.api.server.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JAAS realm {@code karaf} of the console and of REST, before Karaf's own, which knows no user. */
@Component
public final class LoginRealm implements JaasRealm {

    private static final Logger LOG = LoggerFactory.getLogger(LoginRealm.class);
    private static final int BEFORE_KARAFS_OWN = 100;

    private final AppConfigurationEntry entry;

    @Activate
    public LoginRealm(BundleContext context, @Reference ServerSettings settings, @Reference Guard guard) {
        UsersFile users = UsersFile.below(settings.dataDirectory());
        try {
            new FirstAdministrator(users, settings.dataDirectory())
                    .createUnlessThereAreUsers(
                            Objects.requireNonNullElse(context.getProperty("qrm.admin.user"), "admin"),
                            users.hasUsers() ? null : chosen(context.getProperty("qrm.admin.password.from")));
        } catch (IOException damaged) {
            // a server that nobody can log in to says so, in its log and by its health
            LOG.error("Nobody can log in. {}", UsersHealth.REMEDY, damaged);
        }
        entry = new AppConfigurationEntry(
                ProxyLoginModule.class.getName(),
                LoginModuleControlFlag.REQUIRED,
                Map.of(
                        ProxyLoginModule.PROPERTY_MODULE,
                        ConsoleLogin.class.getName(),
                        ProxyLoginModule.PROPERTY_BUNDLE,
                        Long.toString(context.getBundle().getBundleId()),
                        ConsoleLogin.GUARD,
                        guard,
                        ConsoleLogin.KEYS,
                        new ConsoleKeys(users, KeysFile.below(settings.dataDirectory()))));
    }

    /**
     * The password that the administrator gave, or null.
     *
     * @param from the file that {@code bin/qrm-server} hands it over in, one line; null for a server that was started in another way
     */
    private static String chosen(String from) throws IOException {
        return from == null
                ? System.getenv("QRM_ADMIN_PASSWORD")
                : Files.readString(Path.of(from)).replaceFirst("\n$", "");
    }

    @Override
    public String getName() {
        return "karaf";
    }

    @Override
    public int getRank() {
        return BEFORE_KARAFS_OWN;
    }

    @Override
    public AppConfigurationEntry[] getEntries() {
        return new AppConfigurationEntry[] {entry};
    }
}
