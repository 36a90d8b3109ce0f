"""Headers in further languages, by the English words they stand for: enough to guess a column,
never to decide one."""

from __future__ import annotations

from hatchline.core.tables.rows import key_of

_WORDS = """
name: nom, dénomination, raison sociale, bezeichnung, firma, unternehmen, nombre, razón social, denominación,
  nome, naam, nazwa,
  название, наименование, 名前, 会社名, 施設名, 기업명, 기관명, 名稱, 機構名稱, 單位名稱
type: art, typ, tipo, catégorie, kategorie, categoría, тип, 種別, 類型, 유형
city: ville, commune, stadt, ort, ciudad, municipio, città, cidade, plaats, miasto, город, 市区町村, 城市, 도시
region: région, département, bundesland, región, provincia, regione, província, регион, 都道府県, 地區, 지역
country: pays, land, país, paese, kraj, страна, 国, 國家, 국가
address: adresse, anschrift, straße, dirección, domicilio, indirizzo, endereço, adres, адрес, 住所, 所在地, 地址, 주소
postcode: code postal, cp, plz, postleitzahl, código postal, cap, kod pocztowy, индекс, 郵便番号, 郵遞區號, 우편번호
phone: téléphone, tél, telefon, telefonnummer, teléfono, telefono, telefone, телефон, 電話, 電話番号, 전화
email: courriel, mél, e-mail, adresse email, correo, correo electrónico, почта, メール, 電子郵件, 이메일
website: site web, site internet, site, webseite, homepage, sitio web, página web, sito web, сайт, ウェブサイト,
  網站, 홈페이지
founded: date de création, année de création, gründung, gründungsjahr, gegründet, fecha de creación,
  año de fundación, anno di
  fondazione, дата основания, 設立, 設立年月日, 成立日期, 설립일
opened: date d'ouverture, ouverture, eröffnung, fecha de apertura, apertura, 開設, 開所, 開辦時間
latitude: latitud, latitudine, breite, breitengrad, широта, 緯度, 위도
longitude: longitud, longitudine, länge, längengrad, долгота, 經度, 경도
area: surface, superficie, fläche, área, площадь, 面積, 면적
description: beschreibung, descripción, descrizione, descrição, описание, 説明, 簡介, 설명
operator: exploitant, gestionnaire, betreiber, träger, operador, gestor, оператор, 運営, 運営者, 運營單位
"""


def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _WORDS.replace("\n  ", " ").strip().splitlines():
        english, _, words = line.partition(":")
        for word in words.split(","):
            found.setdefault(key_of(word), key_of(english))
    return found


TRANSLATED = _table()


def english_of(key: str) -> str:
    """The English word for a header's key, or ""."""
    return TRANSLATED.get(key, "")
