package org.qrm.plugin.nfs.internal;

import java.util.List;
import org.qrm.api.Name;
import org.qrm.api.storage.StorageClient;

/**
 * What opens one image to exactly some machines. Pure functions. Both open the directory to single addresses, with root
 * being root there: what boots from an image must read and, where it may write, own everything in it. An image that is a file
 * system of its own is open only while it is mounted.
 */
final class Exports {

    private Exports() {}

    /**
     * A file for {@code /etc/exports.d}, see exports(5).
     *
     * @param own whether the image is a file system of its own; of another the server looks whether each file is below the path
     */
    static String forKernel(String image, String path, boolean own, List<StorageClient> clients) {
        String confined = own ? "mountpoint,no_subtree_check" : "subtree_check";
        StringBuilder text = new StringBuilder(header(image)).append(ImagePath.plain("image path", path));
        for (StorageClient client : clients) {
            text.append(' ')
                    .append(Ipv4.checked(client.address()))
                    .append(client.writable() ? "(rw" : "(ro")
                    .append(",sync," + confined + ",no_root_squash)");
        }
        return text.append('\n').toString();
    }

    /**
     * A file for a directory that ganesha.conf includes, see ganesha-export-config(8).
     *
     * @param id unique among the exports of that server, 1..65535
     * @param own whether the image is a file system of its own
     */
    static String forGanesha(String image, String path, int id, boolean own, List<StorageClient> clients) {
        if (id < 1 || id > 65535) {
            throw new IllegalArgumentException("export id " + id);
        }
        ImagePath.plain("image path", path);
        StringBuilder text = new StringBuilder(header(image))
                .append(own ? "# mounted at " + path + "\n" : "") // without it, the file goes before ganesha starts
                .append("EXPORT {\n")
                .append("    Export_Id = " + id + ";\n")
                .append("    Path = \"" + path + "\";\n")
                .append("    Pseudo = \"" + path + "\";\n")
                .append("    Protocols = 3, 4;\n")
                .append("    Transports = TCP;\n")
                .append("    SecType = sys;\n")
                .append("    PrivilegedPort = true;\n") // else any user of a machine can say that it is root
                .append("    Access_Type = NONE;\n")
                .append("    Squash = Root_Squash;\n")
                .append("    FSAL { Name = VFS; }\n");
        for (StorageClient client : clients) {
            text.append("    CLIENT { Clients = " + Ipv4.checked(client.address()) + "; Access_Type = "
                    + (client.writable() ? "RW" : "RO") + "; Squash = No_Root_Squash; }\n");
        }
        return text.append("}\n").toString();
    }

    private static String header(String image) {
        return "# Made by QRM for the filesystem image " + Name.checked("export", "filesystem image", image)
                + ", and made anew by it.\n";
    }
}
