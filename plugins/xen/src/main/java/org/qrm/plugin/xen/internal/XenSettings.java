package org.qrm.plugin.xen.internal;

import java.util.Locale;
import java.util.Map;
import org.qrm.api.QrmException;
import org.qrm.api.storage.StorageServer;

/**
 * What the wizard was told.
 *
 * @param sourceAddress IPv4 address of the machine whose root file system becomes the host image
 * @param storageServerName name of the storage server
 * @param storageServerPath absolute path of the image on it; the directory above is its export root
 * @param storageServerAddress IPv4 address that machines mount from
 * @param storageServerManagementAddress IPv4 address that the server reaches over SSH
 * @param storageServerType name of its storage type, lower case
 * @param defaultGateway IPv4 address that hosts send to what is in no network of theirs
 */
record XenSettings(
        String sourceAddress,
        String storageServerName,
        String storageServerPath,
        String storageServerAddress,
        String storageServerManagementAddress,
        String storageServerType,
        String defaultGateway) {

    static final String SOURCE_ADDRESS = "sourceAddress";
    static final String STORAGE_SERVER_NAME = "storageServerName";
    static final String STORAGE_SERVER_PATH = "storageServerPath";
    static final String STORAGE_SERVER_ADDRESS = "storageServerAddress";
    static final String STORAGE_SERVER_MANAGEMENT_ADDRESS = "storageServerManagementAddress";
    static final String STORAGE_SERVER_TYPE = "storageServerType";
    static final String DEFAULT_GATEWAY = "defaultGateway";

    /**
     * Reads answers.
     *
     * @throws QrmException CONFLICT when one is missing
     */
    static XenSettings of(Map<String, String> answers) {
        return new XenSettings(
                needed(answers, SOURCE_ADDRESS),
                needed(answers, STORAGE_SERVER_NAME),
                needed(answers, STORAGE_SERVER_PATH),
                needed(answers, STORAGE_SERVER_ADDRESS),
                needed(answers, STORAGE_SERVER_MANAGEMENT_ADDRESS),
                needed(answers, STORAGE_SERVER_TYPE).toLowerCase(Locale.ROOT),
                needed(answers, DEFAULT_GATEWAY));
    }

    /** The directory above the image; empty if there is none that could be an export root. */
    String exportRoot() {
        return storageServerPath.substring(0, Math.max(0, storageServerPath.lastIndexOf('/')));
    }

    /** @param hostKey as pinned, or null */
    StorageServer storageServer(String hostKey) {
        return new StorageServer(
                storageServerName,
                storageServerType,
                storageServerAddress,
                storageServerManagementAddress,
                exportRoot(),
                hostKey);
    }

    private static String needed(Map<String, String> answers, String question) {
        String answer = answers.get(question);
        if (answer == null || answer.isEmpty()) {
            throw QrmException.conflict(
                    "use the configuration of plug-in",
                    XenPlugin.ID,
                    question + " is not answered",
                    "Answer its wizard: qrm-configurator, pluginconf, Xen.");
        }
        return answer;
    }
}
