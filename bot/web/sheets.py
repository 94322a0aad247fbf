"""The pages as HTML: small, without scripts of others, readable on a cheap phone."""

import base64
import hashlib
from collections.abc import Sequence
from html import escape

STYLE = """
*{box-sizing:border-box}
body{margin:0;font:18px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#f4f6f8}
main{max-width:32rem;margin:0 auto;padding:1.25rem;min-height:100vh;background:#fff}
h1{font-size:1.35rem;line-height:1.3;margin:0 0 1rem}
p,form{margin:0 0 1rem}
label{display:block;margin:0 0 1.25rem}
label span{display:block;font-weight:600;margin-bottom:.4rem}
input[type=file],textarea{width:100%;font:inherit;padding:.7rem;border:2px solid #9aa5b1;
border-radius:.5rem;background:#fff}
button{width:100%;min-height:3.25rem;font:600 1.1rem system-ui,sans-serif;color:#fff;
background:#0b5394;border:0;border-radius:.5rem}
button:disabled{background:#6b7785}
button:focus-visible,input:focus-visible,textarea:focus-visible{outline:3px solid #d97706;
outline-offset:2px}
.name{color:#52606d;font-size:1rem}
.said{padding:.8rem 1rem;border-left:5px solid #0b5394;background:#e8f0f8}
.wrong{border-color:#b45309;background:#fdf3e3}
.file{padding:.8rem 1rem;border:1px solid #cbd2d9;border-radius:.5rem;overflow-wrap:anywhere}
"""
# Photos are made smaller before they travel: a minute of 3G becomes some seconds.
SMALLER = """
const form=document.forms[0],picked=form.elements.tep,said=document.getElementById("dang");
const pressed=form.querySelector("button");
async function smaller(file){
 if(!file.type.startsWith("image/")||file.size<4e5)return file;
 try{
  const seen=await createImageBitmap(file,{imageOrientation:"from-image"});
  const by=Math.min(1,2000/Math.max(seen.width,seen.height)),drawn=document.createElement("canvas");
  drawn.width=Math.round(seen.width*by);drawn.height=Math.round(seen.height*by);
  drawn.getContext("2d").drawImage(seen,0,0,drawn.width,drawn.height);
  const made=await new Promise(done=>drawn.toBlob(done,"image/jpeg",.85));
  if(made&&made.size<file.size)
   return new File([made],file.name.replace(/\\.\\w+$/,"")+".jpg",{type:"image/jpeg"});
 }catch(trouble){}
 return file;
}
form.addEventListener("submit",async event=>{
 event.preventDefault();pressed.disabled=true;
 try{
  const kept=new DataTransfer();let number=0;
  for(const file of picked.files){
   said.textContent="Đang chuẩn bị "+(++number)+"/"+picked.files.length;
   kept.items.add(await smaller(file));
  }
  picked.files=kept.files;
 }catch(trouble){}
 said.textContent="Đang gửi, xin giữ trang này.";
 form.submit();
});
addEventListener("pageshow",()=>{pressed.disabled=false;said.textContent=""});
"""
WHERE = """
const form=document.forms[0],said=document.getElementById("dang");
const pressed=form.querySelector("button");
document.getElementById("khong").hidden=true;
form.addEventListener("submit",event=>{
 event.preventDefault();
 if(!navigator.geolocation){said.textContent="Máy này không lấy được vị trí.";return}
 pressed.disabled=true;said.textContent="Đang lấy vị trí…";
 navigator.geolocation.getCurrentPosition(found=>{
  form.elements.vi.value=found.coords.latitude.toFixed(6);
  form.elements.kinh.value=found.coords.longitude.toFixed(6);
  said.textContent="Đang gửi, xin giữ trang này.";form.submit();
 },trouble=>{
  pressed.disabled=false;
  said.textContent=trouble.code===1
   ?"Máy chưa cho trang này lấy vị trí. Xin mở quyền vị trí của trình duyệt rồi bấm lại."
   :"Chưa lấy được vị trí. Xin bật định vị, ra chỗ thoáng rồi bấm lại.";
 },{enableHighAccuracy:true,timeout:20000,maximumAge:60000});
});
"""


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(STYLE)}",
            f"script-src {_hash(SMALLER)} {_hash(WHERE)}",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    ),
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""Of every answer under these addresses."""


def told(heading: str, sentence: str, *, wrong: bool = False) -> str:
    """A page that only says something."""
    return sheet(heading, said(sentence, wrong=wrong))


def files(name: str, press: str, *, text: str = "", wrong: str = "") -> str:
    """Choose photos or documents and send them; `wrong` says why the last try was not taken."""
    return sheet(
        "Gửi ảnh hoặc tệp",
        f"""{said(wrong, wrong=True)}{addressed(name)}
<form method="post" enctype="multipart/form-data">{pressing(press)}
<label><span>Ảnh, tệp (tối đa 10)</span><input type="file" name="tep" multiple required
accept="image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx,.csv"></label>
<label><span>Chú thích (không bắt buộc)</span><textarea name="loi" rows="3" maxlength="1000"
>{escape(text)}</textarea></label>
<button>Gửi</button></form>{_WAITING}
<p class="name">Ảnh được bỏ thông tin máy chụp và nơi chụp. Không gửi tài liệu mật.</p>""",
        SMALLER,
    )


def place(name: str, press: str, *, wrong: str = "") -> str:
    """Share where the phone is, once."""
    return sheet(
        "Gửi vị trí",
        f"""{said(wrong, wrong=True)}{addressed(name)}
<p>Vị trí của máy được gửi một lần, kèm vào phiếu đang ghi. Trình duyệt sẽ hỏi trước khi gửi.</p>
<form method="post">{pressing(press)}<input type="hidden" name="vi"><input type="hidden"
name="kinh"><button>Gửi vị trí của tôi</button></form>{_WAITING}
<p id="khong" class="said wrong">Trình duyệt này không gửi được vị trí. Xin ghi địa điểm bằng lời
trong trò chuyện.</p>""",
        WHERE,
    )


def download(name: str, press: str, file: str, size: str, label: str) -> str:
    """One file, behind a button: robots that look at links first fetch nothing."""
    return sheet(
        "Tệp gửi đồng chí",
        f"""{addressed(name)}<p class="file">{escape(file)}<br>{escape(size)}</p>
<form method="post">{pressing(press)}<button>{escape(label)}</button></form>
<p class="name">Tài liệu lưu hành nội bộ, chỉ dành cho đồng chí.</p>""",
    )


def names(found: Sequence[str]) -> str:
    """What a page says of several things: a, b và c."""
    return " và ".join([", ".join(found[:-1]), found[-1]] if found[1:] else found)


_WAITING = '<p id="dang" class="name" role="status"></p>'


def sheet(heading: str, body: str, script: str = "") -> str:
    run = f"<script>{script}</script>" if script else ""
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport"
content="width=device-width,initial-scale=1"><meta name="robots" content="noindex,nofollow">
<title>Sâu Sát</title><style>{STYLE}</style></head>
<body><main><p class="name">Sâu Sát</p><h1>{escape(heading)}</h1>
{body}</main>{run}</body></html>
"""


def said(sentence: str, *, wrong: bool) -> str:
    kind = "said wrong" if wrong else "said"
    return f'<p class="{kind}" role="status">{escape(sentence)}</p>' if sentence else ""


def addressed(name: str) -> str:
    return f'<p class="name">{escape(name)}</p>'


def pressing(press: str) -> str:
    return f'<input type="hidden" name="bam" value="{escape(press)}">'
