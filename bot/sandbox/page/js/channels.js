// What differs between the phones of one channel and of another.

const PHOTOS = ["photos", "sample", "samples"];

export const CHANNELS = {
  telegram: {
    name: "Telegram",
    begin: (code) => (code ? "Mở đường dẫn mời" : "Bắt đầu"),
    begins: (code) => (code ? `Gửi /start ${code}` : "Gửi /start"),
    placeholder: "Nhắn tin",
    sends: [...PHOTOS, "voice", "place", "sticker", "contact", "file"],
  },
  zalo: {
    name: "Zalo",
    begin: (code) => (code ? "Nhắn mã mời" : "Nhắn lời chào"),
    begins: (code) => (code ? `Gửi ${code}` : "Gửi một lời chào"),
    placeholder: "Nhập tin nhắn",
    sends: [...PHOTOS, "voice", "sticker", "contact", "file"],
  },
  zalo_oa: {
    name: "Zalo OA",
    begin: (code) => (code ? "Quan tâm, nhắn mã mời" : "Quan tâm"),
    begins: (code) => (code ? `Quan tâm, gửi ${code}` : "Như khi bấm Quan tâm"),
    placeholder: "Nhập tin nhắn",
    sends: [...PHOTOS, "voice", "place", "sticker", "contact", "file"],
  },
};

export const channelOf = (phone) => CHANNELS[phone.channel];
